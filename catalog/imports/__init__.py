"""Bulk import of products: from a table and an archive of pictures to rows of the catalogue.

The rooms, in the order a row passes them:

tables    reads CSV (sources) or a sheet (sheets) row by row, and refuses what is none
mapping   which column means which field; knows the Kaggle fashion layout and the shop's own
rows      the meaning of one row: checked values, or problems in sentences
archive   a ZIP of pictures that is never extracted and never trusted
plan      what a chunk of rows would change; never writes
networks  which machines a picture may be fetched from
fetch     one picture by its address, which nobody vouches for
hosts     manners towards the hosts that pictures are fetched from
pictures  reads, checks and stores the pictures a plan asks for
apply     writes a plan
run       goes through the file in chunks, and counts
"""
