import ArgumentParser
import Foundation
import Fovea

struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many cores to use; all of them if left out.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be 1 to 1024, but is \(threads)")
    }
  }

  /// The number asked for, also set as the number that kernels on this thread use.
  func apply() -> Int {
    let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
    KernelThreads.set(count)
    // Pictures are spread over the cores; each is then decoded on one.
    OpenCVThreads.count = 1
    return count
  }
}
