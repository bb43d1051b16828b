import FoveaCore
import FoveaImage

/// The pictures that paths lead to, one after the other; of files that hold several, these.
///
/// Nothing is remembered of those before, so that any number of them takes the same memory.
final class InputWalk: PictureSource {
  private let inputs: PictureInputs
  private let filter: PathFilter
  private let supply: Supply
  private let decoder: ImageDecoder
  private let frameBudget: DecodingBudget?
  private var walk: PictureWalk
  /// The file that is open, and in it one that holds several pictures itself.
  private var groups: [any InputGroup] = []
  private var isPaused = false
  private var membersPassedOver = PassedOverFiles()

  init(_ supplies: [any PathSupply], _ inputs: PictureInputs, _ decoder: ImageDecoder) {
    let filter = PathFilter(including: inputs.included, excluding: inputs.excluded)
    let supply = Supply(supplies)
    (self.inputs, self.filter, self.supply, self.decoder) = (inputs, filter, supply, decoder)
    // Frames wait on the way to a batch, while pictures in files are not read before: so they have memory of their own.
    frameBudget = decoder.budget.map { DecodingBudget(bytes: $0.bytes / 2) }
    walk = PictureWalk(filter: filter, taking: { inputs.takes($0) }, nextPath: supply.nextPath)
  }

  var passedOver: PassedOverFiles {
    var passedOver = walk.passedOver
    passedOver.add(membersPassedOver)
    return passedOver
  }

  func waits(_ cancellation: Cancellation?) -> Bool {
    if isPaused {
      isPaused = false
      return cancellation?.isCancelled != true
    }
    return supply.waits(cancellation)
  }

  func next() -> InputStep? {
    while true {
      guard let group = groups.last else {
        guard let step = walk.next() else { return supply.takeFailure() }
        switch step {
        case .failure(let path, let error):
          return .failure(
            name: path.description, reason: "cannot read the folder '\(path)': \(error)",
            FailureReason(error))
        case .picture(let path):
          if let step = open(path) { return step }
        }
        continue
      }
      switch group.next() {
      case nil: groups.removeLast()
      case .picture(let input, let path)?:
        guard filter.takesMember(path) else { continue }
        if let step = frames(of: input) { return step }
      case .frame(let input)?: return .picture(input)
      case .failure(let name, let reason, let word, let path)?:
        if let path, !filter.takesMember(path) { continue }
        return .failure(name: name, reason: reason, word)
      case .passedOver(let name, let reason)?: membersPassedOver.add(name, reason)
      case .paused?:
        isPaused = true
        return nil
      }
    }
  }

  /// Nil where it holds several pictures, which come next.
  private func open(_ path: FilePath) -> InputStep? {
    let name = FilePath(bytes: path.lastName).description
    if let kind = ArchiveKind(name: name) {
      do throws(ImageError) {
        groups.append(try kind.open(path))
        return nil
      } catch {
        return .failure(name: path.description, reason: error.description, error.reason)
      }
    }
    if inputs.framesPerSecond != nil || inputs.frames != .first, VideoReader.isVideo(name: name) {
      do throws(ImageError) {
        let wanted = inputs.framesPerSecond.map { FrameGroup.Wanted.perSecond($0) } ?? .every(step)
        groups.append(FrameGroup(path.description, try VideoReader(path, decoder), wanted, frameBudget))
        return nil
      } catch {
        return .failure(name: path.description, reason: error.description, error.reason)
      }
    }
    return frames(of: PictureInput(path))
  }

  /// The picture itself where only the first frame is taken, or there is only one. Nil where there are several, which come
  /// next.
  private func frames(of input: PictureInput) -> InputStep? {
    guard inputs.frames != .first, let file = input.content as? any StoredPicture else { return .picture(input) }
    do throws(ImageError) {
      let open = try file.open()
      guard SeveralFrames.isPossible(try open.read(first: 16)) else { return .picture(input) }
      if let budget = decoder.budget, !budget.take(open.count) { throw budget.tooLarge(file.name, open.count) }
      defer { decoder.budget?.give(open.count) }
      let bytes = try open.read()
      switch try SeveralFrames(bytes, name: file.name, decoder) {
      case .pages(let pages)?:
        groups.append(PageGroup(file, pages, areCut: TIFFPages.areCut(bytes), every: step))
      case .animation(let reader)?: groups.append(FrameGroup(input.name, reader, .every(step), frameBudget))
      case nil: return .picture(input)
      }
      return nil
    } catch {
      return .failure(name: input.name, reason: error.description, error.reason)
    }
  }

  private var step: Int { if case .every(let step) = inputs.frames { step } else { 1 } }

  /// Paths from one supply after the other.
  private final class Supply {
    private var supplies: [any PathSupply]
    private var failure: InputStep?

    init(_ supplies: [any PathSupply]) { self.supplies = supplies }

    /// A failure is kept for ``takeFailure()``.
    func nextPath() -> FilePath? {
      guard failure == nil else { return nil }
      switch supplies.first?.next() {
      case .path(let path): return path
      case .failure(let name, let reason, let word): failure = .failure(name: name, reason: reason, word)
      case nil: break
      }
      return nil
    }

    func takeFailure() -> InputStep? {
      defer { failure = nil }
      return failure
    }

    func waits(_ cancellation: Cancellation?) -> Bool {
      while let supply = supplies.first {
        if supply.waits(cancellation) { return true }
        supplies.removeFirst()
        if !supplies.isEmpty { return cancellation?.isCancelled != true }
      }
      return false
    }
  }
}
