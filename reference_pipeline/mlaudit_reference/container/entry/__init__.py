"""The programs of the containers; each lies at the root of the code bundle."""
