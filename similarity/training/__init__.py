"""Trains the ResNet50 whose features the shop compares, on a catalogue or on labelled pictures in files.

Used by `manage.py train_embedder`, never by the web or the workers: the only package beside
`similarity.embedder` that names Keras. `dataset` holds the pictures, `views` spoils them as phones do,
`network` is the ResNet50 with what it learns from, `run` the loop with its checkpoints, `card` what is
written at the end.
"""
