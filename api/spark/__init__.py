"""Back-tests and re-evaluations on more than one machine, by Apache Spark.

Spark only hands out numbers of chunks, through `mapInArrow`. Whoever gets one reads that chunk by itself from storage that all
machines see, with the very code that one process would use, and leaves the very file that one process would leave.
"""
