"""What runs in the containers: jobs, training scripts, and what answers requests.

It is shipped without the rest of the package, runs on Python 3.10 or newer, and needs numpy and at
most one framework. ``README.md`` beside this file says how the steps fit together.
"""
