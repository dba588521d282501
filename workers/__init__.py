"""Stages: one file each, exporting `STAGE` (contract: app/pipeline/stage.py). See README.md."""
