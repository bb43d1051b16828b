import ArgumentParser
import Foundation
import Fovea

/// Trains LeNet-5 of 1998 on all of printable ASCII, drawn from fonts, with several kinds of output codes, and compares
/// what they get wrong and what they reject.
@main
struct PrintableCharacters: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "PrintableCharacters",
    abstract: "Read the 95 printable ASCII characters with LeNet-5 of 1998, with the paper's output codes and others.",
    discussion: """
      Draws each character with \(FontSet.trainingNames.count) fonts to learn from and \(FontSet.testNames.count) \
      fonts of other families to test with, each picture distorted a little: FreeType turns outlines into pixels, and \
      RandomAffine distorts them. Then trains the same network once for each of the codes:

      paper    the bitmaps of the paper's figure 3, 7 x 12: characters that look alike have codes that are near
      random   as many random signs: distributed, without likeness
      place    one unit for each class, +1 for its own and -1 for the others
      softmax  no codes: weighted sums and softmax

      and prints how many test characters are read right, how many of the wrong answers look like the right one (are \
      one of the \(LookAlikes.count) nearest by the paper's bitmaps; by the mean training pictures), and how much \
      nonsense is rejected when one in twenty of the characters that are read right is rejected, too. For the codes, \
      what is rejected is what is far from the nearest one; for softmax, what has a low probability. The pictures show \
      what the network with the paper's codes sees. All of it takes some minutes.
      """)

  @Option(name: .shortAndLong, help: "The folder for the pictures.")
  var output = "Output/PrintableCharacters"

  @Option(help: "The codes to compare, with commas between.")
  var codes = OutputCode.allCases.map(\.rawValue).joined(separator: ",")

  @Option(help: "Passes through the training pictures.")
  var passes = 100

  @Option(help: "The loss's constant j: a wrong code farther away than about that no longer counts.")
  var j: Float = 3

  @Option(help: "What all chance is drawn from.")
  var seed: UInt64 = 1

  @Option(help: "The cores that share the work.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Where fonts are; folders below it are searched, too.")
  var fonts = "/usr/share/fonts"

  @Flag(help: "Three passes with the codes 'paper' and 'place': to see it work, not for figures.")
  var quick = false

  func validate() throws {
    guard (1...10_000).contains(passes) else {
      throw ValidationError("'--passes' must be 1 to 10,000, but is \(passes)")
    }
    guard (1...1024).contains(threads) else {
      throw ValidationError("'--threads' must be 1 to 1024, but is \(threads)")
    }
    guard j > 0, j.isFinite else { throw ValidationError("'--j' must be a positive number, but is \(j)") }
    _ = try chosenCodes()
  }

  func run() throws {
    let experiment = try Experiment(
      fonts: FontSet(folder: fonts), passes: quick ? min(passes, 3) : passes, j: j, threads: threads, seed: seed)
    let codes = quick ? [.paper, .place] : try chosenCodes()
    Self.say(experiment.summary)
    var results: [Experiment.Result] = []
    for code in codes {
      results.append(
        try experiment.run(code) { pass in
          Self.say("\(code.rawValue), pass \(pass.epoch): loss \(Double(Int(pass.loss * 1000)) / 1000)")
        })
    }
    print(ResultTable(results).text)
    // What is drawn are the paper's bitmaps; the other codes are no pictures.
    guard let paper = results.first(where: { $0.reader.code == .paper }) else { return }
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    for (name, sheet) in try ReadingSheets(paper, experiment).all() {
      let path = "\(output)/\(name).png"
      try ImageEncoder.png(compression: 9).write(try sheet.image(), to: path)
      print(path)
    }
  }

  private func chosenCodes() throws -> [OutputCode] {
    let codes = try codes.split(separator: ",").map { name in
      guard let code = OutputCode(rawValue: String(name)) else {
        throw ValidationError(
          "there is no code '\(name)'; there are \(OutputCode.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return code
    }
    guard !codes.isEmpty, Set(codes).count == codes.count else {
      throw ValidationError("'--codes' must name at least one code, and none twice, but is '\(self.codes)'")
    }
    return codes
  }

  private static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
