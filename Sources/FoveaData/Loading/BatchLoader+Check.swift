public import FoveaCore

/// An example whose picture cannot be used, and why.
public struct UnusableExample: Sendable, Equatable {
  /// Its number in the data set.
  public let example: Int
  public let error: DataError

  public init(example: Int, error: DataError) {
    self.example = example
    self.error = error
  }
}

extension BatchLoader {
  /// Reads and prepares every picture once, as a pass does, and says which cannot be used.
  ///
  /// What is prepared is kept for the passes, as far as the memory for it goes, so that the first one is the faster for it.
  /// Pictures that need no decoding, such as those of IDX files, are not looked at.
  ///
  /// - Parameters:
  ///   - pool: the threads that share the work.
  ///   - onProgress: called now and then with the number of examples that are done.
  /// - Throws: ``DataError/shape(identifier:expected:got:)`` where pictures have several shapes, which is no picture's fault.
  public func unusableExamples(
    on pool: WorkerPool, onProgress: (Int) -> Void = { _ in }
  ) throws(DataError) -> [UnusableExample] {
    guard dataset.source.byteShape == nil else { return [] }
    return try dataset.unusableExamples(on: pool, onProgress) { example in
      pipelines.lazy.compactMap { $0.failure(of: example) }.first
    }
  }

  /// The same without some of the examples. What was prepared is kept.
  ///
  /// - Throws: ``DataError/empty(name:reason:)`` where none would be left.
  public func leavingOut(_ examples: some Sequence<Int>) throws(DataError) -> BatchLoader {
    let left = dataset.leavingOut(examples)
    guard left.count > 0 else { throw .empty(name: dataset.name, reason: "none of its images can be used") }
    return BatchLoader(
      left, settings,
      OneOrMore(
        pipelines.head.with(left),
        pipelines.tail.enumerated().map { $1.with(left.keeping(pictures: [$0 + 1])) }))
  }
}

extension Dataset {
  /// The examples whose pictures cannot be used: all are read, and prepared by `preprocessing`, once, by several threads.
  ///
  /// ``leavingOut(_:)`` makes a data set without them. A training looks at its own pictures: see `TrainingRun`.
  ///
  /// - Throws: ``DataError`` where steps cannot work, or prepared pictures have several shapes, or not one can be prepared.
  public func unusableExamples(
    preprocessing: [any PreprocessingStep] = [], threads: Int? = nil, onProgress: (Int) -> Void = { _ in }
  ) throws(DataError) -> [UnusableExample] {
    let pool = WorkerPool(count: threads ?? BatchLoader.processorCount)
    guard !preprocessing.isEmpty else {
      return try unusableExamples(on: pool, onProgress) { index in
        do throws(DataError) {
          _ = try image(at: index)
          return nil
        } catch { return error }
      }
    }
    var settings = BatchLoader.Settings(shuffles: false)
    settings.cacheLimit = 0
    return try BatchLoader(self, preprocessing: preprocessing, settings: settings)
      .unusableExamples(on: pool, onProgress: onProgress)
  }

  fileprivate func unusableExamples(
    on pool: WorkerPool, _ onProgress: (Int) -> Void, _ failure: (Int) -> DataError?
  ) throws(DataError) -> [UnusableExample] {
    // Few enough for progress to be seen, and enough for no thread to wait for long.
    let atOnce = 256
    var unusable: [UnusableExample] = []
    for start in stride(from: 0, to: count, by: atOnce) {
      let chunk = start..<min(start + atOnce, count)
      for (example, failure) in zip(chunk, pool.map(chunk.count, { failure(chunk.lowerBound + $0) })) {
        guard let failure else { continue }
        if case .shape = failure { throw failure }
        unusable.append(UnusableExample(example: example, error: failure))
      }
      onProgress(chunk.upperBound)
    }
    return unusable
  }
}
