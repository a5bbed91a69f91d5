"""The plan problem: mandate, constraint families, assembly, certificate and explanation."""
