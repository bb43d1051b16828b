import Foundation
import Fovea
import Testing

/// No command writes over what it reads.
@Suite struct WrittenFilesTests {
  private func link(_ files: TemporaryFolder, _ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: files[name], withDestinationPath: target)
  }

  @Test func rowsReplaceNeitherModelNorPictures() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try files.write(stripes.modelBytes(), to: "model")
    let picture = try ImageEncoder.png().encode(Stripes.picture(0, seed: 7))
    try files.makeFolder("in")
    try files.write(picture, to: "in/a.png")
    try link(files, "to-model", to: "model")
    try link(files, "to-picture", to: "in/a.png")
    try FileManager.default.linkItem(atPath: files["in/a.png"], toPath: files["same"])
    for output in ["model", "./in/../model", "to-model"] {
      try Program.run("classify", "model", "in", "-o", output, in: files.path)
        .expectFailure(saying: "--output '\(output)' is the same file as the model 'model'")
    }
    for input in ["in", "in/a.png"] {
      for output in ["in/a.png", "to-picture", "same"] {
        try Program.run("classify", "model", input, "-o", output, in: files.path)
          .expectFailure(saying: "--output '\(output)' would overwrite the image 'in/a.png'")
      }
    }
    #expect(try files.bytes("in/a.png") == picture && files.bytes("model") == stripes.modelBytes())
    // Beside the pictures there is room, again and again.
    for _ in 0..<2 { try Program.run("classify", "model", "in", "-o", "in/rows.csv", in: files.path).expectSuccess() }
    try Program.run("evaluate", "model", stripes.data, "--confusion", "model", in: files.path)
      .expectFailure(saying: "--confusion 'model' is the same file as the model")
  }

  @Test(arguments: [
    (["-o", "net.yaml"], "the description"), (["-o", "m", "--recipe", "r.yaml", "--curve", "r.yaml"], "the recipe"),
    (["-o", "m", "--metrics", "m"], "--output"), (["-o", "m", "--curve", "./m"], "--output"),
    (["-o", "m.partial", "--metrics", "m"], "--output"), (["-o", "data/b/1.png"], "would overwrite the image"),
  ])
  func aTrainingReplacesNothingThatItReads(_ arguments: [String], _ words: String) throws {
    let files = try TemporaryFolder()
    try files.write(Stripes.description, to: "net.yaml")
    try files.write("epochs: 1\n", to: "r.yaml")
    for name in ["a", "b"] {
      try files.makeFolder("data/" + name)
      for number in 0..<2 {
        try files.write(
          ImageEncoder.png().encode(Stripes.picture(number, seed: 7)), to: "data/\(name)/\(number).png")
      }
    }
    let before = files.names
    try Program.run(["train", "net.yaml", "data"] + arguments, in: files.path).expectFailure(saying: words)
    #expect(files.names == before)
  }

  @Test(arguments: ["train-images-idx3-ubyte", "set-t10k-labels.idx1-ubyte.gz", "labels.txt"])
  func filesOfADataSetAreKept(_ name: String) throws {
    let files = try TemporaryFolder()
    try files.makeFolder("data")
    try files.write("what it holds", to: "data/" + name)
    try Program.run("train", "lenet", "data", "-o", "data/" + name, in: files.path)
      .expectFailure(saying: "--output 'data/\(name)' would overwrite the data 'data/\(name)'")
    #expect(files.text("data/" + name) == "what it holds")
  }

  @Test func aBuiltInNameIsNoFile() throws {
    let files = try TemporaryFolder()
    try files.makeFolder("data")
    // It fails for want of data, and not because of the name.
    try Program.run("train", "lenet", "data", "-o", "lenet", in: files.path).expectFailure(saying: "data")
  }
}
