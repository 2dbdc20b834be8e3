"""A simulated OpenShift cluster for a real local Prometheus, used by the demo and the tests."""
