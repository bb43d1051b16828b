public import ArgumentParser
public import Fovea

/// How a run begins and ends, and which part of the inputs it takes.
struct RowOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Go on with the file of --output behind its last row, after a run that was killed, interrupted or stopped; begin where "
        + "there is none. Model, options and inputs must be those that it was begun with."))
  var resume = false

  @Flag(help: "Try the failed rows of the file of --output again; the others stay as they are.")
  var retryErrors = false

  @Flag(help: "Stop behind the first row that failed.")
  var failFast = false

  @Option(
    help: ArgumentHelp(
      "Take one part of the inputs, such as 2/8, which follows from each one's path. 'fovea merge' puts the parts together.",
      valueName: "i/n"))
  var shard: Shard?

  func validate() throws {
    if resume && retryErrors { throw ValidationError("--resume and --retry-errors are two runs; give one of them") }
  }

  /// What is left of the command line is checked here, and the writer is made.
  func makeWriter(
    _ format: (made: any RowFormat, written: KindDescription), models: [String], options: [String: String?],
    like blank: any TaskResult, top: Int, to output: String?
  ) throws -> RowWriter {
    for (name, isGiven) in [("--resume", resume), ("--retry-errors", retryErrors)] where isGiven && output == nil {
      throw UsageError("\(name) needs --output: rows on standard output cannot be gone on with")
    }
    let options = options.compactMapValues(\.self)
    let record =
      try output == nil
      ? RunRecord(shard: shard) : RunRecord(modelFiles: models, options: options, format: format.written, shard: shard)
    return try RowWriter(
      format.made, like: blank, top: top, to: output.map { .file($0) } ?? .standardOutput,
      width: output == nil ? Console.output.columns : nil, record: record,
      start: resume ? .resumed : retryErrors ? .retried : .anew)
  }

  /// Hands the writer what `classify` yields, and leaves whole rows behind whatever ends it.
  ///
  /// - Parameter output: the file, where there is one.
  func run<Summary>(
    _ writer: RowWriter, output: String?, _ toolbox: Toolbox,
    _ classify: (_ batchEnded: () throws -> Void, _ each: (ResultRow) throws -> Void) throws -> Summary
  ) throws -> Summary {
    if writer.earlier > 0, resume {
      toolbox.note("\(Format.count(writer.earlier, "row")) \(writer.earlier == 1 ? "is" : "are") there already")
    }
    do {
      let summary = try classify(writer.batchEnded) { row in
        try writer.write(row)
        if failFast, row.status == .error { throw FirstFailure(row: row) }
      }
      try writer.finish(keepsProgress: resume)
      return summary
    } catch {
      let isKept = try Interruption.save { () -> Bool in
        let isKept = try writer.abandon()
        if let output {
          if isKept {
            Interruption.advises(Self.advice(output))
          } else if retryErrors {
            Interruption.advises("'\(output.printable)' is as it was")
          } else {
            Interruption.loses(output)
          }
        }
        return isKept
      }
      if let failure = error as? FirstFailure {
        toolbox.warn("stopped at '\(failure.row.path)': \(failure.row.error ?? "")")
        if isKept, let output { toolbox.note(Self.advice(output)) }
        throw ExitCode.partialFailure
      }
      if isKept, let output, error as? BatchError != .cancelled, !Self.isOtherRun(error) {
        throw CommandError("\(error); \(Self.advice(output))")
      }
      throw error
    }
  }

  private static func advice(_ output: String) -> String {
    "the rows so far are whole; the same command with --resume goes on with '\(output.printable)'"
  }

  private static func isOtherRun(_ error: any Error) -> Bool {
    if case .otherRun? = error as? BatchError { true } else { false }
  }

  private struct FirstFailure: Error {
    let row: ResultRow
  }
}

extension Shard: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
