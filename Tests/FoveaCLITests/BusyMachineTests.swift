import Foundation
import Testing

/// What becomes of the program where it has to share the cores.
@Suite struct BusyMachineTests {
  /// All cores work on each kernel of a network with batch normalization, and wait for each other after it. A thread that
  /// waits by spinning takes the core from the one that it waits for, as soon as another program wants one too.
  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1))
  func threadsThatWaitForEachOtherSleep() throws {
    let folder = try TemporaryFolder()
    let network = try folder.write(
      """
      name: normalized
      input: [1, 28, 28]
      layers:
        - {kind: convolution, filters: 8, kernel: 3, bias: false}
        - batchNormalization
        - relu
        - globalAveragePooling
        - {kind: dense, units: 3}
      loss: softmaxCrossEntropy
      """, to: "network.yaml")
    let program = try Program.start(
      ["profile", network, "--threads", "2", "--batch-size", "2", "--seconds", "0.5", "--json"])
    var sleeps = 0
    while program.process.isRunning {
      sleeps = max(sleeps, Self.sleeps(of: program.process.processIdentifier))
      usleep(5_000)
    }
    let result = program.finish()
    result.expectSuccess()
    let figures = try JSON.read(result.output)
    let batches = try #require(figures["training"]?["batches"]?.number)
    #expect(Double(sleeps) > 2 * batches)
  }

  /// How often the threads of a process have given up their core of their own accord.
  private static func sleeps(of process: Int32) -> Int {
    let tasks = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return threads.reduce(0) { sum, thread in
      let status = (try? String(contentsOfFile: "\(tasks)/\(thread)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
      return sum + (line.flatMap { Int($0.split(separator: "\t").last ?? "") } ?? 0)
    }
  }
}
