"""Data in: settings, sheets, imports, invitations, migrations, the command line, the demo."""
