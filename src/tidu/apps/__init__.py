"""The platform's domains: each app owns its rules, its questions to the data and, later, its tables; no pages."""
