-- series_part: what the labels of a series tell beside the thing it is filed under: a CPU's mode, a queue, a direction.
-- function: series_part(labels)
coalesce(
    array_to_string(
        [
            pair.key || '=' || pair.value for pair in map_entries(labels)
            if pair.value <> '' and pair.key not in
                ('instance', 'node', 'pod', 'namespace', 'device', 'mountpoint', 'job')
        ],
        ', '
    ),
    ''
)
