"""What Zoom, Microsoft Teams and Google Meet say of who was there; knows nothing of ours."""
