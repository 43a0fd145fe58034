"""What people type, checked before anything is called."""
