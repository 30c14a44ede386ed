"""Settings: ``production`` for every running site, ``testing`` for the tests."""
