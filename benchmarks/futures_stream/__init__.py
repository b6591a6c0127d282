"""Messages a second that the stream stores on one core, beside what else there is."""
