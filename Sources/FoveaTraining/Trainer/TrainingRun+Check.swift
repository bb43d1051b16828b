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

  /// What the network learns from.
  public var training: Dataset { subject.training }

  /// What it is judged by after each pass.
  public var validation: Dataset? { subject.validation }

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

  /// Leaves these images out of the training.
  ///
  /// - Throws: ``TrainingError`` where a part would have none left.
  public mutating func leaveOut(_ unusable: UnusableExamples) throws(TrainingError) {
    do {
      loader = try loader.leavingOut(unusable.training.map(\.example))
      validationLoader = try validationLoader?.leavingOut(unusable.validation.map(\.example))
    } catch { throw .data(error.description) }
    subject.training = loader.dataset
    if let validationLoader { subject.validation = validationLoader.dataset }
  }
}
