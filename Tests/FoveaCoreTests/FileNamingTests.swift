import FoveaCore
import Testing

@Suite struct FileNamingTests {
  @Test func plainNamesStayAsTheyAre() {
    let names = ["c1", "relu-2", "block.3", "A_b"]
    #expect(FileNaming.fileNames(for: names) == names)
  }

  @Test func whatFilesCannotBeCalledIsReplaced() {
    #expect(
      FileNaming.fileNames(for: ["block1/conv:0", "../up", ".hidden", "größe", "a b\u{0}c", ""])
        == ["block1_conv_0", "_._up", "_hidden", "gr__e", "a_b_c", "_"])
  }

  /// A name that is fit for a file keeps it, and others make way, whatever the order.
  @Test func noTwoAreTheSame() {
    #expect(
      FileNaming.fileNames(for: ["a/b", "a:b", "a_b", "A_B", "a_b-2"]) == ["a_b-3", "a_b-4", "a_b", "A_B-5", "a_b-2"])
    let many = (0..<200).map { _ in "same/name" } + (0..<200).map { "\($0)/" }
    #expect(Set(FileNaming.fileNames(for: many).map { $0.lowercased() }).count == 400)
  }

  @Test func longNamesAreCutAndStayApart() {
    let long = String(repeating: "block/", count: 60)
    let names = FileNaming.fileNames(for: [long + "a", long + "b"])
    #expect(Set(names).count == 2)
    #expect(names.allSatisfy { $0.utf8.count <= 130 })
  }
}
