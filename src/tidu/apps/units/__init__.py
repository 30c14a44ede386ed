"""The units of a district as a tree: bureau, departments, subdistricts, zones, banks, service providers."""
