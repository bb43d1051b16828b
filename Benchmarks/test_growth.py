"""Checks the arithmetic of growth.py: python3 -m unittest discover Benchmarks"""

import math
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import curves
import growth_report
from test_report import MACHINE

SETTINGS = {"date": "d", "seconds": 1, "repetitions": 1, "load": 0.0}


def line(x, rate, work="lenet-training", threads=1, sweep="batch", peer="fovea", others=0.0, peak=100, held=40):
    return {
        "sweep": sweep, "x": x, "work": work, "peer": peer, "threads": threads, "value": rate, "unit": "images/s",
        "others": others, "peakMemoryMB": peak, "heldMemoryMB": held,
    }  # fmt: skip


class GrowthTests(unittest.TestCase):
    def test_time_of_an_image_from_whichever_figure_is_a_rate(self):
        self.assertEqual(growth_report.microseconds(line(1, 1000)), 1000)
        memory = {"value": 70, "unit": "MB", "imagesPerSecond": 500_000}
        self.assertEqual(growth_report.microseconds(memory), 2)
        self.assertIsNone(growth_report.microseconds({"problem": "none"}))

    def test_memory_is_without_what_the_measurement_holds(self):
        found = growth_report.series([line(8, 1000)], "batch")
        self.assertEqual(found[("lenet-training", "fovea", 1)], {8: (1000, 60)})

    def test_median_of_the_calm_runs(self):
        lines = [line(8, 10, others=0.5), line(8, 1000), line(8, 2000), line(8, 4000)]
        self.assertEqual(growth_report.series(lines, "batch")[("lenet-training", "fovea", 1)][8][0], 500)
        self.assertEqual(growth_report.disturbed(lines), [])
        self.assertEqual(len(growth_report.disturbed(lines[:1])), 1)

    def test_exponent(self):
        self.assertAlmostEqual(growth_report.exponent([(x, 3 * x**2) for x in (1, 2, 8, 50)]), 2)
        self.assertAlmostEqual(growth_report.exponent([(1, 5), (10, 5)]), 0)
        self.assertIsNone(growth_report.exponent([(4, 5)]))

    def test_what_the_second_thread_gains(self):
        lines = [line(8, 1000), line(8, 1500, threads=2), line(16, 1000), line(16, 1900, threads=2)]
        text = "\n".join(growth_report.sentences(growth_report.series(lines, "batch"), "batch"))
        self.assertIn("the second thread makes it 1.50× at 8, 1.90× at 16", text)

    def test_written_with_gaps_and_failures(self):
        lines = [line(1, 1000), line(8, 4000), line(8, 8000, threads=2), line(1, None) | {"problem": "killed"}]
        lines += [line(x, 10, "folder-jpeg", 2, "count") for x in (1_000, 1_000_000)]
        with tempfile.TemporaryDirectory() as folder:
            text = growth_report.write(lines, MACHINE, SETTINGS, folder, "G")
            xml.etree.ElementTree.parse(Path(folder) / "G.svg")
        self.assertIn("| 1 | 1,000 | – |", text)
        self.assertIn("from 1,000 to 1,000,000 the time of an image becomes 1× (∝ x^0.00), the peak memory 1×", text)
        self.assertIn("- lenet-training, fovea: killed", text)

    def test_an_empty_run_is_written_too(self):
        with tempfile.TemporaryDirectory() as folder:
            growth_report.write([], MACHINE, SETTINGS, folder, "G")
            xml.etree.ElementTree.parse(Path(folder) / "G.svg")

    def test_axes_hold_their_values(self):
        for values in ([3], [0.7, 900], [5, 50], [1e-3, 1e6], [20, 20]):
            low, high = curves.widened(values)
            self.assertTrue(low <= min(values) and max(values) <= high and low < high, values)
            ticks = curves.decades(low, high)
            self.assertTrue(2 <= len(ticks) <= 12, ticks)
        for high in (0.3, 7, 99, 100, 101, 1234):
            ticks = curves.evenly(high)
            self.assertTrue(ticks[0] == 0 and high <= ticks[-1] and len(ticks) <= 7, ticks)
            self.assertTrue(math.isclose(ticks[1] * (len(ticks) - 1), ticks[-1]))

    def test_labels(self):
        self.assertEqual([curves.thousands(x) for x in (28, 1_000, 1_024, 1_000_000)], ["28", "1k", "1024", "1M"])
        self.assertEqual(curves.thinned([1, 2, 4, 8], most=2), [8, 2])


if __name__ == "__main__":
    unittest.main()
