"""The back office: pages for bureau, departments, subdistricts, leaders and auditors."""
