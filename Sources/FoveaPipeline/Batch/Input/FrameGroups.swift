import FoveaCore
import FoveaImage

/// The pages of a TIFF that are taken; each is read when it is its turn.
final class PageGroup: InputGroup {
  private let file: any StoredPicture
  private let pages: [Int]
  private let step: Int
  private let areCut: Bool
  private var number = 0

  /// - Parameter areCut: whether the last page is not in the file: it is always taken, so that there is a row that says so.
  init(_ file: any StoredPicture, _ pages: [Int], areCut: Bool, every step: Int) {
    (self.file, self.pages, self.areCut, self.step) = (file, pages, areCut, step)
  }

  func next() -> GroupStep? {
    guard number < pages.count else { return nil }
    // A step may be larger than any number of pages.
    let following = number + min(step, pages.count)
    let isLast = number == pages.count - 1
    defer { number = areCut && !isLast ? min(following, pages.count - 1) : following }
    let page = TIFFPage(file: file, name: "\(file.name)#\(number)", place: pages[number])
    return .frame(PictureInput(name: page.name, page))
  }
}

/// One page of a TIFF.
private struct TIFFPage: StoredPicture {
  let file: any StoredPicture
  let name: String
  let place: Int

  func open() throws(ImageError) -> OpenPicture {
    let whole = try file.open()
    return OpenPicture(count: whole.count) { count throws(ImageError) in
      var bytes = try whole.read(first: count)
      TIFFPages.select(place, in: &bytes)
      return bytes
    }
  }
}

/// The frames of an animation or a video that are taken. They are decoded in order and wait in memory, of which they have a
/// share of their own; where that is full, those before are classified first.
final class FrameGroup: InputGroup {
  private let name: String
  private let reader: any FrameReader
  private let budget: DecodingBudget?
  private let wanted: Wanted
  private var held = 0
  /// Since the last pause, after which none waits.
  private var given = 0
  private var isAtEnd = false

  enum Wanted {
    case every(Int)
    case perSecond(Double)
  }

  init(_ name: String, _ reader: any FrameReader, _ wanted: Wanted, _ budget: DecodingBudget?) {
    (self.name, self.reader, self.wanted, self.budget) = (name, reader, wanted, budget)
  }

  deinit { budget?.give(held) }

  private var due = 0

  func next() -> GroupStep? {
    guard !isAtEnd else { return nil }
    let bytes = reader.frameBytes
    // The reader's own memory is taken with the first frame.
    let needed = bytes + (held == 0 ? reader.workingBytes : 0)
    if let budget, !budget.takeAtOnce(needed) {
      guard given == 0, isDrained else {
        (given, isDrained) = (0, true)
        return .paused
      }
      isAtEnd = true
      return .failure(name: name, reason: budget.tooLarge(name, needed).description, .tooLarge)
    }
    held = max(held, needed - bytes)
    do throws(ImageError) {
      let frame = try reader.next { number, seconds in isDue(number, seconds) }
      guard let frame else {
        budget?.give(bytes)
        isAtEnd = true
        return nil
      }
      given += 1
      isDrained = false
      let frameName = "\(name)#\(frame.number)" + (frame.seconds.map { "@\(Self.text($0))s" } ?? "")
      return .frame(
        PictureInput(
          name: frameName, HeldFrame(frame.image, name: frameName, bytes: bytes, of: budget),
          frame: ClipFrame(clip: name, seconds: frame.seconds)))
    } catch {
      budget?.give(bytes)
      isAtEnd = true
      return .failure(name: name, reason: error.description, error.reason)
    }
  }

  private var isDrained = false

  private func isDue(_ number: Int, _ seconds: Double?) -> Bool {
    switch wanted {
    case .every(let step): return number % step == 0
    case .perSecond(let rate):
      guard let seconds, seconds * rate + 1e-6 >= Double(due) else { return false }
      // Where frames are rarer than that, each is taken once.
      due = Int(min(seconds * rate + 1e-6, 1e15)) + 1
      return true
    }
  }

  /// With three digits behind the point.
  private static func text(_ seconds: Double) -> String {
    let thousandths = Int((min(max(seconds, 0), 1e12) * 1000).rounded())
    let rest = String(thousandths % 1000)
    return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}
