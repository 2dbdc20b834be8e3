"""`ocpperf doctor`: is the server the one that is meant, does the catalogue answer, and what will collecting cost."""
