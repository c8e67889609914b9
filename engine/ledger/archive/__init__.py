"""The archive: the chain of past months as Parquet files, which can be checked, read and asked without a ledger.

A month is there when its manifest is: parts come first, the manifest last. Bodies are the bytes that the ledger held; nothing
here decrypts, and nothing reads what they say.
"""
