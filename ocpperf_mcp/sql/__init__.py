"""SQL of people and models on the published warehouse, behind a guard in layers.

`statement` decides what a text is, `limits` what a connection may do and how much, `worker` runs it in a process of
its own, `run` asks that process, `describe` tells what there is to ask for.
"""
