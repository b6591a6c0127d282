"""A pipeline after all of ours: tells, outside the process, which ads have passed them."""

import os


class WitnessPipeline:
    def __init__(self):
        self._file = os.open(os.environ["WITNESS"], os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def process_item(self, item):
        os.write(self._file, f"{item.adv_no}\n".encode())
        return item
