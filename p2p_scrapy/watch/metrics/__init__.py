"""What Prometheus hears of the census: counted in each process, added up in one file."""
