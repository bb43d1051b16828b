package import FoveaCore
package import FoveaImage

/// Something that is made of each of many pictures, on all cores and in bounded memory: whatever is not a row of ``BatchClassifier``.
package struct PictureWork: Sendable {
  /// Of the inputs.
  package struct Summary: Sendable {
    package var count = 0
    package var failures = 0
    package var passedOver = PassedOverFiles()
  }

  /// Why a picture has come to nothing.
  package struct Failure: Error {
    package let problem: String
    package let reason: FailureReason

    package init(_ problem: String, _ reason: FailureReason = .failed) {
      (self.problem, self.reason) = (problem, reason)
    }
  }

  /// One of the pictures.
  package struct Item: Sendable {
    /// From 1.
    package let number: Int
    package let name: String
    /// Where it is one of an animation or a video.
    package let frame: ClipFrame?
  }

  private let inputs: PictureInputs
  private let decoder: ImageDecoder
  private let threads: Int

  package init(_ inputs: PictureInputs, _ decoder: ImageDecoder, threads: Int) {
    (self.inputs, self.decoder, self.threads) = (inputs, decoder, max(threads, 1))
  }

  /// Calls `each` on this thread with what was made of each picture, in the order of the inputs. Whatever makes it does so on several
  /// threads at once, on each with kernels of one thread.
  ///
  /// - Parameters:
  ///   - make: is called with what there is to say of a picture, and the picture.
  ///   - each: gets the same, and what was made or why nothing was.
  /// - Throws: ``BatchError`` where nothing is found or somebody has cancelled, and what `each` throws.
  package func run<Made: Sendable>(
    cancellation: Cancellation? = nil,
    make: @escaping @Sendable (Item, DecodedImage) throws(Failure) -> Made,
    each: (Item, Result<Made, Failure>) throws -> Void
  ) throws -> Summary {
    let source = try inputs.source(decoder)
    var summary = Summary()
    let decoder = decoder
    repeat {
      var number = summary.count
      let work = OrderedWork<(Item, InputStep), Result<Made, Failure>, (Item, Result<Made, Failure>)>(
        ahead: 2 + threads,
        next: {
          guard cancellation?.isCancelled != true, let step = source.next() else { return nil }
          number += 1
          return .init((Self.item(step, number), step), isLast: false)
        },
        part: { job, _ in
          KernelThreads.set(1)
          return Self.made(of: job.1, job.0, decoder, make)
        }, finish: { job, parts in (job.0, parts[0]) })
      _ = work.begin()
      work.start(threads: threads)
      defer { work.cancel(waits: true) }
      while let (item, result) = work.take(cancellation) {
        summary.count += 1
        if case .failure = result { summary.failures += 1 }
        try each(item, result)
      }
      if cancellation?.isCancelled == true { throw BatchError.cancelled }
    } while source.waits(cancellation)
    summary.passedOver = source.passedOver
    guard summary.count > 0 else { throw nothingFound(summary.passedOver) }
    return summary
  }

  private func nothingFound(_ passedOver: PassedOverFiles) -> BatchError {
    .nothingFound(
      paths: inputs.names, passedOver: passedOver, isChosen: inputs.isChosen, isListed: inputs.list != nil)
  }

  /// What can be made of the first picture of which something can, on this thread: what is to be known before much is computed for
  /// all of them.
  ///
  /// - Returns: what was made; or nil, and why not of the first picture.
  /// - Throws: ``BatchError`` where nothing is found.
  package func first<Made>(
    make: (Item, DecodedImage) throws(Failure) -> Made
  ) throws(BatchError) -> (made: Made?, failure: Failure?) {
    let source = try inputs.source(decoder)
    var first: Failure?
    var number = 0
    while let step = source.next() {
      number += 1
      switch Self.made(of: step, Self.item(step, number), decoder, make) {
      case .success(let made): return (made, nil)
      case .failure(let failure): first = first ?? failure
      }
    }
    guard number > 0 else { throw nothingFound(source.passedOver) }
    return (nil, first)
  }

  private static func item(_ step: InputStep, _ number: Int) -> Item {
    switch step {
    case .picture(let input): Item(number: number, name: input.name, frame: input.frame)
    case .failure(let name, _, _): Item(number: number, name: name, frame: nil)
    }
  }

  private static func made<Made>(
    of step: InputStep, _ item: Item, _ decoder: ImageDecoder,
    _ make: (Item, DecodedImage) throws(Failure) -> Made
  ) -> Result<Made, Failure> {
    switch step {
    case .failure(_, let problem, let reason): return .failure(Failure(problem, reason))
    case .picture(let input):
      do throws(ImageError) {
        return try input.content.withImage(by: decoder) { picture throws(ImageError) in
          Result { () throws(Failure) in try make(item, picture) }
        }
      } catch { return .failure(Failure(error.description, error.reason)) }
    }
  }
}
