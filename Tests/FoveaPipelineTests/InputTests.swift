import Foundation
import FoveaCore
import FoveaImage
import FoveaPipeline
import Testing

@Suite struct InputTests {
  let folder: TemporaryFolder
  let pipeline: Pipeline

  init() throws {
    folder = try TemporaryFolder()
    pipeline = try Brightness.pipeline()
  }

  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/Inputs")

  private func fixture(_ name: String) -> String { Self.fixtures.appendingPathComponent(name).path }

  private func fixtureBytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture(name))))
  }

  private func rows(
    _ paths: [String], batchSize: Int = 4, threads: Int = 2, _ change: (inout PictureInputs) -> Void = { _ in }
  ) throws -> (rows: [ResultRow], summary: BatchClassifier.Summary) {
    var inputs = PictureInputs(paths.map { FilePath($0) })
    change(&inputs)
    var rows: [ResultRow] = []
    let classifier = try BatchClassifier(pipeline, settings: .init(batchSize: batchSize, threads: threads))
    let summary = try classifier.run(inputs) { rows.append($0) }
    return (rows, summary)
  }

  @Test func globsChooseWhatLiesInFolders() throws {
    for name in ["a.png", "b.jpg", "raw/c.png", "d/e.png", "d/raw/f.png"] {
      try folder.folder(String(("in/" + name).dropLast(name.split(separator: "/").last?.count ?? 0)))
      try folder.picture("in/" + name, gray: 9)
    }
    let root = folder("in")
    func names(_ included: [String], _ excluded: [String]) throws -> [String] {
      try rows([root]) { ($0.included, $0.excluded) = (included, excluded) }.rows.map {
        String($0.path.dropFirst(root.count + 1))
      }
    }
    #expect(try names([], []) == ["a.png", "b.jpg", "d/e.png", "d/raw/f.png", "raw/c.png"])
    #expect(try names(["*.png"], ["raw"]) == ["a.png", "d/e.png"])
    #expect(try names(["d/**"], []) == ["d/e.png", "d/raw/f.png"])
    #expect(try names([], ["/raw", "*.jpg"]) == ["a.png", "d/e.png", "d/raw/f.png"])
  }

  @Test func listsAreReadLineByLine() throws {
    for name in ["a.png", "b c.png", "d.png"] { try folder.picture(name, gray: 200) }
    let paths = ["a.png", "b c.png", "missing.png", "d.png"].map { folder($0) }
    try folder.write(paths[0] + "\n\n" + paths[1] + "\r\n" + paths[2] + "\n" + paths[3], "list.txt")
    let byLine = try rows([folder("d.png")]) { $0.list = .init(FilePath(folder("list.txt"))) }.rows
    #expect(byLine.map(\.path) == [folder("d.png")] + paths)
    #expect(byLine.map(\.status) == [.ok, .ok, .ok, .error, .ok])
    try folder.write(paths.joined(separator: "\0") + "\0", "list0")
    #expect(try rows([]) { $0.list = .init(FilePath(folder("list0")), separator: .zero) }.rows.map(\.path) == paths)
  }

  @Test func tablesHavePathsInAColumn() throws {
    for name in ["a.png", "b,\"c.png"] { try folder.picture(name, gray: 200) }
    let table = "\u{FEFF}label,path\r\nx,a.png\r\n\"y\nz\",\"b,\"\"c.png\"\r\nonly\n" + "q,\n" + "last,a.png"
    try folder.write(table, "list.csv")
    let list = PictureInputs.List(FilePath(folder("list.csv")), separator: .column("path"))
    let found = try rows([]) { $0.list = list }.rows
    #expect(found.map(\.status) == [.ok, .ok, .error, .error, .ok])
    #expect(found[1].path == folder("b,\"c.png") && found[2].path == folder("list.csv") + ":5")
    var other = list
    other.separator = .column("file")
    #expect(throws: BatchError.self) { try rows([]) { $0.list = other } }
    #expect(throws: BatchError.self) { try rows([]) { $0.list = .init(FilePath(folder("none"))) } }
  }

  @Test func lineThatIsNoPathIsARowAndTheRestGoesOn() throws {
    let path = try folder.picture("a.png", gray: 200)
    try folder.write(String(repeating: "x", count: 200_000) + "\n" + path + "\n", "list.txt")
    let found = try rows([]) { $0.list = .init(FilePath(folder("list.txt"))) }.rows
    #expect(found.map(\.status) == [.error, .ok] && found[0].path == folder("list.txt") + ":1")
  }

  @Test(arguments: [
    "ustar.tar", "pax.tar", "gnu.tar", "pax.tar.gz", "parts.tgz", "stored.zip", "deflated.zip", "zip64.zip",
  ])
  func membersAreRows(name: String) throws {
    let long = String(repeating: "folder", count: 15) + "/" + String(repeating: "name", count: 15) + ".png"
    let archive = fixture(name)
    for threads in [1, 3] {
      let result = try rows([archive], batchSize: 2, threads: threads)
      let accented = name.hasSuffix("zip") ? "name é.png" : "name é.png"
      let names = ["b/dark.png", "a.bright.png", long, "../out.png", "damaged.png", accented]
      #expect(result.rows.map(\.path) == names.map { archive + "/" + $0 })
      #expect(result.rows.map(\.label) == ["dark", "bright", "dark", nil, nil, "bright"])
      #expect(result.rows[3].error?.contains("out of the archive") == true && result.rows[3].reason == .unsupported)
      #expect(result.summary.failures == 2 && result.summary.passedOver.description.contains("dark.cls"))
    }
    let some = try rows([archive]) { ($0.included, $0.excluded) = (["*.png"], ["b", "../**", "damaged*"]) }.rows
    #expect(some.map(\.label) == ["bright", "dark", "bright"])
  }

  /// What anybody may have changed or cut costs a row, and never the run.
  @Test(arguments: ["ustar.tar", "gnu.tar", "pax.tar.gz", "parts.tgz", "deflated.zip", "zip64.zip"])
  func damagedArchivesEndInRows(name: String) throws {
    let whole = try fixtureBytes(name)
    let good = try folder.picture("good.png", gray: 255)
    let ending = name.firstIndex(of: ".").map { String(name[$0...]) } ?? ""
    var damaged = stride(from: 0, to: whole.count, by: max(whole.count / 60, 1)).map { Array(whole.prefix($0)) }
    for place in stride(from: 0, to: whole.count, by: max(whole.count / 150, 1)) {
      var bytes = whole
      bytes[place] = place.isMultiple(of: 2) ? 255 : bytes[place] ^ 1
      damaged.append(bytes)
    }
    let paths = try damaged.enumerated().flatMap { [try folder.write($1, "\($0)" + ending), good] }
    let found = try rows(paths).rows
    let parts = found.split(omittingEmptySubsequences: false) { $0.path == good }
    #expect(found.allSatisfy { $0.path != good || $0.label == "bright" })
    #expect(parts.count == damaged.count + 1 && parts.allSatisfy { $0.count <= 20 })
  }

  @Test func aSizeThatLiesTakesNoMemory() throws {
    var bytes = try fixtureBytes("ustar.tar")
    // 8 GiB.
    bytes.replaceSubrange(124..<136, with: Array("77777777777\0".utf8))
    setChecksum(&bytes)
    let found = try rows([folder.write(bytes, "x.tar")]).rows
    #expect(found.count == 1 && found[0].error?.contains("cut short") == true, "\(found)")
  }

  /// Of the first header of a tar file.
  private func setChecksum(_ bytes: inout [UInt8]) {
    let sum = (0..<512).reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(bytes[$1])) }
    let digits = String(sum, radix: 8)
    bytes.replaceSubrange(
      148..<156,
      with: Array(String(repeating: "0", count: 6 - digits.count) + digits + "\0 ").map { $0.asciiValue ?? 0 })
  }

  /// Nobody finds out later that there were more.
  @Test func anArchiveThatEndsTooEarlyOrIsAnotherSaysSo() throws {
    let whole = try fixtureBytes("ustar.tar")
    let end = try #require(whole.lastIndex { $0 != 0 })
    let cut = try rows([folder.write(Array(whole[..<((end / 512 + 1) * 512)]), "cut.tar")]).rows
    #expect(cut.count == 7 && cut[6].path == folder("cut.tar") && cut[6].reason == .truncated)
    var packed = try fixtureBytes("pax.tar.gz")
    // The checksum stands before the length, at the end.
    packed[packed.count - 8] ^= 1
    let other = try rows([folder.write(packed, "other.tar.gz")]).rows
    #expect(other.count == 7 && other[6].path == folder("other.tar.gz") && other[6].reason == .damaged)
    let short = try rows([folder.write(Array(packed.dropLast(8)), "short.tar.gz")]).rows
    #expect(short.count == 7 && short[6].error?.contains("cut short") == true)
    var header = whole
    header[148] = UInt8(ascii: "7")
    let damaged = try rows([folder.write(header, "header.tar")]).rows
    #expect(damaged.map(\.reason) == [.damaged] && damaged[0].path == folder("header.tar"))
  }

  /// Of a directory with fewer members than the end of the archive says, what is there is read, and the rest is a row. A
  /// count beyond 65,535 that has wrapped around, as some writers leave it, hides none.
  @Test func aZipFileHasTheMembersThatItSays() throws {
    var bytes = try fixtureBytes("stored.zip")
    let count = rows(of: bytes)
    let places = stride(from: bytes.count - 22, through: 0, by: -1)
    let place = try #require(places.first { bytes[$0...].starts(with: [80, 75, 5, 6]) })
    let said = Int(bytes[place + 10])
    bytes[place + 10] += 1
    let found = try rows([folder.write(bytes, "more.zip")]).rows
    #expect(found.count == count + 1 && found.last?.path == folder("more.zip") && found.last?.reason == .damaged)
    #expect(found.last?.error?.contains("the \(said + 1) members") == true)
    bytes[place + 10] = 1
    let fewer = try rows([folder.write(bytes, "fewer.zip")]).rows
    #expect(fewer.count == count + 1 && fewer.last?.reason == .damaged)
  }

  private func rows(of archive: [UInt8]) -> Int {
    (try? rows([folder.write(archive, "counted.zip")]).rows.count) ?? 0
  }

  @Test func aChainOfPagesThatLeadsOutOfTheFileIsARow() throws {
    let whole = try fixtureBytes("pages.tif")
    let cut = try folder.write(Array(whole.prefix(whole.count / 2)), "cut.tif")
    for step in [1, 2, 50] {
      let found = try rows([cut]) { $0.frames = .every(step) }.rows
      #expect(found.first?.status == .ok && found.last?.status == .error, "\(found)")
      #expect(found.dropLast().allSatisfy { $0.status == .ok })
    }
  }

  @Test func aHardLinkInAnArchiveIsARow() throws {
    var bytes = try fixtureBytes("ustar.tar")
    bytes[156] = UInt8(ascii: "1")
    bytes.replaceSubrange(124..<136, with: Array("00000000000\0".utf8))
    setChecksum(&bytes)
    let found = try rows([folder.write(bytes, "x.tar")]).rows
    #expect(found[0].path == folder("x.tar/b/dark.png") && found[0].error?.contains("hard link") == true)
  }

  @Test func anArchiveThatIsMissingIsARow() throws {
    let found = try rows([folder("none.zip"), folder.write("", "empty.tar"), folder.write("x", "x.zip")]).rows
    #expect(found.map(\.status) == [.error, .error, .error])
  }

  @Test func archivesInFoldersAreOpenedWhereThatIsWanted() throws {
    try folder.folder("in")
    try folder.write(fixtureBytes("stored.zip"), "in/a.zip")
    try folder.picture("in/b.png", gray: 255)
    #expect(try rows([folder("in")]).rows.count == 1)
    let found = try rows([folder("in")]) { $0.opensArchives = true }.rows
    #expect(found.count == 7 && found[0].path == folder("in/a.zip/b/dark.png"))
  }

  @Test func framesAreRowsWithTheirNumbers() throws {
    let paths = ["pages.tif", "cleared.gif", "animated.webp"].map { fixture($0) }
    let single = Self.fixtures.deletingLastPathComponent().appendingPathComponent("Images/plain.tif").path
    #expect(try rows(paths + [single]).rows.map(\.path) == paths + [single])
    let all = try rows(paths + [single]) { $0.frames = .all }.rows
    let expected = (0..<3).map { "\(paths[0])#\($0)" } + (0..<4).map { "\(paths[1])#\($0)" }
    #expect(all.map(\.path) == expected + (0..<4).map { "\(paths[2])#\($0)" } + [single])
    #expect(all.allSatisfy { $0.status == .ok })
    let some = try rows(paths) { $0.frames = .every(3) }.rows.map { $0.path.split(separator: "#").last }
    #expect(some == ["0", "0", "3", "0", "3"])
  }

  /// Frames wait for memory in turns, and where there is too little for one, that is a row.
  @Test func framesTakeNoMoreMemoryThanTheirShare() throws {
    for (bytes, isEnough) in [(40_000, true), (5_000, true), (3_000, false)] {
      let limits = DecodingLimits(budget: DecodingBudget(bytes: bytes))
      let small = try Pipeline(
        model: Brightness.model(), preprocessing: [ToGrayscale(), Resize(width: 3, height: 4), Scale()],
        labels: Brightness.labels, limits: limits)
      var inputs = PictureInputs([FilePath(fixture("cleared.gif"))])
      inputs.frames = .all
      var found: [ResultRow] = []
      _ = try BatchClassifier(small).run(inputs) { found.append($0) }
      #expect(isEnough ? found.count == 4 && found.allSatisfy { $0.status == .ok } : found.count == 1)
    }
  }

  @Test func aFolderIsWatchedUntilItIsCancelled() throws {
    try folder.folder("in/deep")
    let old = try folder.picture("in/old.png", gray: 0)
    utimes(old, [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)])
    try folder.picture("outside.png", gray: 255)
    let cancellation = Cancellation()
    var inputs = PictureInputs()
    inputs.watchedFolder = FilePath(folder("in"))
    var found: [String] = []
    _ = try BatchClassifier(pipeline).run(inputs, cancellation: cancellation) { row in
      found.append(row.path)
      switch found.count {
      case 1: try folder.picture("in/deep/new.png", gray: 255)
      case 2:
        try folder.write("no picture", "in/notes.txt")
        rename(folder("outside.png"), folder("in/moved.png"))
      case 3:
        try folder.folder("in/later")
        try folder.picture("in/later/last.png", gray: 255)
      default: cancellation.cancel()
      }
    }
    #expect(found == ["old.png", "deep/new.png", "moved.png", "later/last.png"].map { folder("in/" + $0) })
  }

  /// What is renamed below the folder is followed, what is moved out of it is not; and without the folder, nothing arrives.
  @Test(.timeLimit(.minutes(2))) func aWatchedFolderMayChange() throws {
    try folder.folder("in/a/deep")
    try folder.folder("in/b/deep")
    try folder.picture("begin.png", gray: 255)
    var inputs = PictureInputs()
    inputs.watchedFolder = FilePath(folder("in"))
    var found: [ResultRow] = []
    func arrive(_ name: String) throws {
      try folder.picture("new.png", gray: 255)
      #expect(rename(folder("new.png"), folder(name)) == 0)
    }
    rename(folder("begin.png"), folder("in/begin.png"))
    _ = try BatchClassifier(pipeline).run(inputs, cancellation: Cancellation()) { row in
      found.append(row)
      switch found.count {
      case 1:
        rename(folder("in/a"), folder("in/renamed"))
        rename(folder("in/b"), folder("out"))
        try arrive("out/deep/elsewhere.png")
        try arrive("in/renamed/deep/here.png")
      case 2:
        try arrive("in/last.png")
      default: rename(folder("in"), folder("gone"))
      }
    }
    let names = ["begin.png", "renamed/deep/here.png", "last.png"].map { folder("in/" + $0) } + [folder("in")]
    #expect(found.map(\.path) == names, "\(found)")
    #expect(found.last?.reason == .missing && found.dropLast().allSatisfy { $0.status == .ok })
  }
}
