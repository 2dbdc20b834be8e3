"""What only the Kubernetes API knows of a cluster, as a snapshot an hour.

`parts.py` lists what is asked, an entry a part. `snapshot.take_snapshot` asks and gives plain rows, `stage.stage`
leaves them as Parquet, `load.load_snapshots` files them under their hour in the tables `raw_inventory_*`.
"""
