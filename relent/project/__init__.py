"""What ties the rooms together: settings, addresses, system checks, the command and the web server's entry."""
