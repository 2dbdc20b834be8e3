"""What etcd says of itself: etcdctl run in its pods, its answers as plain values, and a verdict on them."""
