"""Whole catalogues: the run, its budget, a cluster, the export."""
