"""Official documents as data: clauses, responsible units, targets and drafts of awards, by rules and without a model.

Pure: no framework, no network, no clock that decides anything. ``read_document`` takes a file, ``read_bytes`` an upload,
``read_text`` a text.
"""

from tidu.documents.reading import Reading, read_bytes, read_document, read_text

__all__ = ["Reading", "read_bytes", "read_document", "read_text"]
