"""What decides when and where a job runs; what it is to run is handed to it."""
