"""What do the figures say? Dashboards, the yearly report and the search, each leading to its dossiers."""
