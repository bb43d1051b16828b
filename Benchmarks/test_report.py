"""Checks the driver's arithmetic: python3 -m unittest discover Benchmarks"""

import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import report

MACHINE = {
    "processor": "P", "cores": 2, "coresUsed": 2, "vectors": ["avx2"], "memoryMB": 1, "system": "S", "kernel": "K",
    "swift": None, "python": "3",
}  # fmt: skip


def line(work, peer, variant, value, unit="images/s", others=0.0, **more):
    return {
        "work": work, "peer": peer, "variant": variant, "value": value, "unit": unit, "others": others,
        "peakMemoryMB": 10, "version": "1+cpu",
    } | more  # fmt: skip


class ReportTests(unittest.TestCase):
    def entry(self, *lines):
        return report.summarize(lines)[0]

    def test_median_of_runs(self):
        entry = self.entry(*[line("w", "pytorch", "eager", value) for value in (5, 100, 7)])
        self.assertEqual((entry["value"], entry["lowest"], entry["highest"], entry["runs"]), (7, 5, 100, 3))

    def test_disturbed_runs_are_left_out_if_there_are_calm_ones(self):
        runs = [line("w", "pytorch", "eager", value, others=others) for value, others in ((5, 0.5), (9, 0.0), (6, 0.6))]
        self.assertEqual((self.entry(*runs)["value"], self.entry(*runs)["disturbed"]), (9, False))
        self.assertEqual((self.entry(runs[0], runs[2])["value"], self.entry(runs[0])["disturbed"]), (5.5, True))

    def test_ratio_is_against_the_best_variant_of_either_reference(self):
        lines = [
            line("w", "fovea", "default", 60), line("w", "pytorch", "eager", 10), line("w", "pytorch", "fused", 15),
            line("w", "tensorflow", "graph", 20), line("w", "tensorflow", "fit", 12), line("w", "onnxruntime", "default", 90),
        ]  # fmt: skip
        row = report.compare(report.summarize(lines), ["w"])[0]
        self.assertEqual((row["ratio"], row["ratioToPlain"], row["reference"]["variant"]), (3, 5, "graph"))
        self.assertEqual(row["ratioToRuntimes"], 60 / 90)

    def test_smaller_wins_for_time_and_memory(self):
        for unit in ("s", "µs", "MB"):
            lines = [line("w", peer, "eager", value, unit) for peer, value in (("fovea", 2), ("pytorch", 8), ("tensorflow", 6))]
            self.assertEqual(report.compare(report.summarize(lines), ["w"])[0]["ratio"], 3)

    def test_decoding_alone_is_the_bound(self):
        lines = [
            line("photographs-decoding", "libjpeg", "default", 4000), line("photographs-decoding", "fovea", "default", 3800),
            line("folder-jpeg", "fovea", "default", 3000), line("folder-jpeg", "pytorch", "eager", 1000),
            line("folder-jpeg-csv", "fovea", "default", 2500), line("folder-jpeg-reduced", "fovea", "default", 9000),
        ]  # fmt: skip
        text = report.against_the_bound(report.summarize(lines))
        self.assertIn("| folder-jpeg | Fovea | default | 3,000 | 75.0% |", text)
        self.assertIn("| folder-jpeg | PyTorch | eager | 1,000 | 25.0% |", text)
        self.assertIn("| photographs-decoding | Fovea | default | 3,800 | 95.0% |", text)
        # Another kind of decoding has another bound, which was not measured.
        self.assertFalse(any("reduced" in each for each in text))
        self.assertEqual(report.against_the_bound(report.summarize(lines[1:])), [])
        self.assertIn("`csv` +66.7 µs, of 333.3 µs", report.cost_of_rows(report.summarize(lines))[1])

    def test_peers_of_few_works_have_a_column_where_they_have_a_figure(self):
        settings = {"works": ["w"], "date": "d", "seconds": 1, "repetitions": 1, "load": 0.0}
        lines = [line("w", "fovea", "default", 8), line("w", "libjpeg", "default", 9)]
        for shown in (lines, lines[:1]):
            with tempfile.TemporaryDirectory() as folder:
                head = report.write(shown, MACHINE, settings, folder, "R")
            self.assertEqual("| OpenCV dnn | libjpeg | ratio |" in head, len(shown) == 2)

    def test_what_is_missing_is_named_and_no_ratio_is_made_up(self):
        problem = {"work": "w", "peer": "fovea", "variant": "default", "problem": "not built"}
        lines = [problem, line("w", "pytorch", "eager", 8)]
        settings = {"works": ["w", "v"], "date": "d", "seconds": 1, "repetitions": 1, "load": 0.0}
        with tempfile.TemporaryDirectory() as folder:
            text = report.write(lines, MACHINE, settings, folder, "R")
            xml.etree.ElementTree.parse(Path(folder) / "R.svg")
        self.assertIn("| w | images/s | – | 8 (eager) | – | – | – | – | – |", text)
        self.assertIn("- w, Fovea: not built", text)
        self.assertIn("| v |", text)


if __name__ == "__main__":
    unittest.main()
