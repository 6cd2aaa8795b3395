"""`fedra dev`: the whole platform as child processes of one supervisor, with demo data."""
