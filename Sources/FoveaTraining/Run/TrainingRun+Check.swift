public import FoveaData

extension TrainingRun {
  /// The images of a training that cannot be used.
  public struct UnusableExamples: Sendable {
    public var training: [UnusableExample]
    public var validation: [UnusableExample]

    public init(training: [UnusableExample] = [], validation: [UnusableExample] = []) {
      self.training = training
      self.validation = validation
    }

    public var count: Int { training.count + validation.count }

    public var errors: [DataError] { (training + validation).map(\.error) }
  }

  /// The images of both.
  public var imageCount: Int { training.count + (validation?.count ?? 0) }

  /// Reads every image of both parts once, and says which cannot be used, so that none ends the training in the middle.
  ///
  /// What is prepared is kept for the passes, as far as there is memory.
  ///
  /// - Parameter onProgress: called now and then with the number of images that are done, and of all.
  /// - Throws: ``TrainingError`` where the images, prepared, have several shapes.
  public func unusableExamples(
    onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(TrainingError) -> UnusableExamples {
    let total = imageCount
    var unusable = UnusableExamples()
    do {
      unusable.training = try loader.unusableExamples(on: trainer.pool) { onProgress($0, total) }
      if let validationLoader {
        unusable.validation = try validationLoader.unusableExamples(on: trainer.pool) {
          onProgress(training.count + $0, total)
        }
      }
    } catch { throw .data(error.description) }
    return unusable
  }

  /// Reads every image once, and leaves out those that cannot be used, as ``Settings/failurePolicy`` has it.
  ///
  /// - Returns: what is left out.
  /// - Throws: ``TrainingError`` that lists what cannot be used where the policy is to stop, and where nothing would be left.
  @discardableResult
  public mutating func checkImages(
    onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(TrainingError) -> UnusableExamples {
    let unusable = try unusableExamples(onProgress: onProgress)
    guard unusable.count == 0 || settings.failurePolicy == .skip else {
      let first = unusable.errors.prefix(DataError.mostListed).map(\.description)
      let error = DataError.unusableImages(name: dataName, count: unusable.count, of: imageCount, first: first)
      throw .data(error.description)
    }
    try leaveOut(unusable)
    return unusable
  }

  /// Leaves these images out of the training.
  ///
  /// - Throws: ``TrainingError`` where a part would have none left.
  public mutating func leaveOut(_ unusable: UnusableExamples) throws(TrainingError) {
    try leaveOut(LeftOut(training: unusable.training.map(\.example), validation: unusable.validation.map(\.example)))
  }

  /// Takes back all that was left out.
  mutating func forgetLeftOut() {
    (leftOut, loader, validationLoader) = ([], original.loader, original.validationLoader)
    subject.training = loader.dataset
    if let validationLoader { subject.validation = validationLoader.dataset }
    feed = Feed()
  }

  /// Which examples were left out, by their numbers in what was left before.
  struct LeftOut: Sendable, Codable, Equatable {
    var training: [Int]
    var validation: [Int]

    var count: Int { training.count + validation.count }
  }

  mutating func leaveOut(_ examples: LeftOut) throws(TrainingError) {
    guard examples.count > 0 else { return }
    do {
      let training = try loader.leavingOut(examples.training)
      validationLoader = try validationLoader?.leavingOut(examples.validation)
      loader = training
    } catch { throw .data(error.description) }
    leftOut.append(examples)
    feed = Feed()
    subject.training = loader.dataset
    if let validationLoader { subject.validation = validationLoader.dataset }
  }
}
