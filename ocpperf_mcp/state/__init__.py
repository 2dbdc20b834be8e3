"""What people tell ocpperf and no collection could bring back: named windows, acknowledgements; one JSON file each."""
