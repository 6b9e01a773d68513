# SPDX-License-Identifier: GPL-3.0-or-later
# For Doxygen: the comment that opens a header documents its file, as it stands, and comments are plain text.
NR == 1 { print "/** @file"; opening = 1; next }
opening && /^\/\// {
  if (opening == 1) { print "@verbatim"; opening = 2 }
  print substr($0, 4)
  next
}
opening { print (opening == 2 ? "@endverbatim */" : "*/"); opening = 0 }
{
  at = index($0, "///")
  if (at) {
    text = substr($0, at)
    gsub(/[<>@\\#%]/, "\\\\&", text)
    sub(/^\/\/\/\\</, "///<", text)
    $0 = substr($0, 1, at - 1) text
  }
  print
}
