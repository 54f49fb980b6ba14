"""The spaCy components, one file each; `triage/pipeline.py` lists them in their order."""
