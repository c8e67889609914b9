"""Tests of the benchmark: a yardstick that is wrong measures nothing."""
