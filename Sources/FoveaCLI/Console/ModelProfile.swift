import Foundation
import Fovea

/// What `fovea profile` prints.
struct ModelProfile: Encodable {
  let model: String
  let input: Shape
  let batchSize: Int
  let threads: Int
  /// Nil where the description names no loss.
  let training: ProfileReport?
  let inference: ProfileReport

  func json() throws -> String { try Format.json(self) }

  /// For people.
  ///
  /// - Parameter width: of the terminal, in columns; nil where lines may be of any length.
  func text(width: Int?) -> String {
    let head = "\(model), input \(Format.shape(input.dimensions)), \(Format.count(batchSize, "image")) a batch, "
    var blocks = [head + Format.count(threads, "thread")]
    if let training { blocks.append(Self.block("training", training, width)) }
    blocks.append(Self.block("inference", inference, width))
    return blocks.joined(separator: "\n\n")
  }

  private static func block(_ title: String, _ report: ProfileReport, _ width: Int?) -> String {
    var table = TextTable(
      [
        ("pass", .left), ("step", .left), ("µs", .right), ("share", .right), ("in kernels", .right),
        ("reorders", .right), ("kernels", .left),
      ], headings: 2)
    let forward = report.steps.compactMap { step in (step.inference ?? step.forward).map { (step.name, $0) } }
    let backward = report.steps.reversed().compactMap { step in step.backward.map { (step.name, $0) } }
    for (name, cost) in forward { table.add(row(title == "inference" ? "inference" : "forward", name, cost)) }
    for (name, cost) in backward { table.add(row("backward", name, cost)) }
    for (name, cost) in [("loss", report.loss), ("update", report.update), ("rest", report.rest)] {
      if let cost { table.add(row(name, "", cost, hasKernels: false)) }
    }
    let kernels = (forward + backward).reduce(0) { $0 + $1.1.kernelSeconds }
    table.add(["whole", "", microseconds(report.seconds), "100.0 %", microseconds(kernels), "", ""])
    let speed = Format.grouped(Int(report.imagesPerSecond.rounded()))
    return "\(title): \(speed) images/s, \(Format.count(report.batches, "batch", "batches"))\n"
      + table.text(width: width)
  }

  private static func row(
    _ pass: String, _ name: String, _ cost: ProfileReport.Cost, hasKernels: Bool = true
  ) -> [String] {
    let kernels = cost.kernels.filter { !$0.isReorder }.map { kernel in
      kernel.runs == 1 ? kernel.implementation : "\(kernel.implementation) ×\(number(kernel.runs))"
    }
    return [
      pass, name, microseconds(cost.seconds), Format.fixed(cost.share * 100, 1) + " %",
      hasKernels ? microseconds(cost.kernelSeconds) : "", hasKernels ? number(cost.reorders) : "",
      kernels.joined(separator: ", "),
    ]
  }

  private static func microseconds(_ seconds: Double) -> String { Format.fixed(seconds * 1e6, 1) }

  /// 2 as `2`, 1.5 as `1.5`.
  private static func number(_ value: Double) -> String {
    value == value.rounded() ? Format.fixed(value, 0) : Format.fixed(value, 1)
  }
}
