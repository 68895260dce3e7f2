"""Measurements that are printed, never asserted: absolute times drift from machine to machine."""
