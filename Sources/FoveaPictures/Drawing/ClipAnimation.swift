import FoveaCore
import FoveaImage

/// What is drawn of a clip's frames, one after the other, as animated PNG files: one, or several of them where it would become
/// too large for a browser, and for the memory.
struct ClipAnimation {
  /// Of frames whose time is not known, in milliseconds.
  private static let usualDelay = 100
  /// Of a file: 48 MiB.
  private static let mostBytes = 48 << 20

  /// In order, as long as nobody has taken them: a name that ends in `.png`, and the file.
  private(set) var finished: [(name: String, bytes: [UInt8])] = []
  private let stem: String
  private let mostBytes: Int
  private var part = 1
  private var animation = AnimatedPNG()
  private var size: ImageSize?
  private var pending: (image: Image, seconds: Double?)?
  private var delay = ClipAnimation.usualDelay

  /// - Parameter stem: of the files' names.
  init(stem: String, mostBytes: Int = ClipAnimation.mostBytes) {
    (self.stem, self.mostBytes) = (stem, mostBytes)
  }

  /// The name of the file that the frame which comes next will be in.
  var name: String { part == 1 ? "\(stem).png" : "\(stem)-\(part).png" }

  /// Frames are drawn at the size of the first one: what is larger is cut, and beside what is smaller there is white.
  ///
  /// - Parameters:
  ///   - image: RGB.
  ///   - seconds: when the frame is shown; nil where that is not known.
  mutating func add(_ image: Image, seconds: Double?) throws(ImageError) {
    try addPending(until: seconds)
    if animation.byteCount >= mostBytes { try finishPart() }
    let size = size ?? image.size
    self.size = size
    var image = image
    if image.size != size {
      var canvas = try Canvas(width: size.width, height: size.height)
      let shown = PixelRect(
        x: 0, y: 0, width: min(size.width, image.width), height: min(size.height, image.height))
      try canvas.draw(image.cropped(to: shown), x: 0, y: 0)
      image = try canvas.image()
    }
    pending = (image, seconds)
  }

  /// Closes the last file.
  mutating func finish() throws(ImageError) {
    try addPending(until: nil)
    try finishPart()
  }

  /// Hands out what is finished.
  mutating func takeFinished() -> [(name: String, bytes: [UInt8])] {
    defer { finished = [] }
    return finished
  }

  /// The last frame lasts as long as the one before.
  private mutating func addPending(until seconds: Double?) throws(ImageError) {
    guard let pending else { return }
    if let start = pending.seconds, let seconds, seconds > start {
      let milliseconds = ((seconds - start) * 1000).rounded()
      delay = Int(min(max(milliseconds, Double(AnimatedPNG.delays.lowerBound)), Double(AnimatedPNG.delays.upperBound)))
    }
    try animation.add(pending.image, milliseconds: delay)
    self.pending = nil
  }

  private mutating func finishPart() throws(ImageError) {
    guard animation.frameCount > 0 else { return }
    finished.append((name, try animation.encoded()))
    animation = AnimatedPNG()
    part += 1
  }
}
