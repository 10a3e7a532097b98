"""Names as customers have them, beside what somebody typed who heard or half remembers them."""

# Each line: what is typed, what the customer is called.
TYPED = {
    "en": """Jon Smyth Barlow = John Smith-Barlow | Catherine Whitfield = Katherine Whitfield
    Stephen Hawksworth = Steven Hawksworth | Sara Pemberton = Sarah Pemberton
    Geoffrey Lockwood = Jeffrey Lockwood | Micheal O'Leary = Michael O'Leary
    oleary michael = Michael O'Leary | Philip Ashcroft = Phillip Ashcroft
    Mathew Thornberry = Matthew Thornberry | Elisabeth Hargreaves = Elizabeth Hargreaves
    Rebeca Wainwright = Rebecca Wainwright | Alan Braithwait = Alan Braithwaite
    Jhon Featherstone = John Featherstone | Thornton, Grace = Grace Thornton
    Mrs Threlfall = Edith Threlfall | Mr Ottley = Desmond Ottley | Deborah Macintyre = Deborah McIntyre
    Tomas Ellwood = Thomas Ellwood | Nicolas Sedgwick = Nicholas Sedgwick
    Ann Marchbanks = Anne Marchbanks | Teresa Donnelly = Theresa Donnelly
    Brian Gallager = Brian Gallagher | Isobel Cartwright = Isabel Cartwright
    Christofer Haddon = Christopher Haddon | Cristopher Wyatt = Christopher Wyatt
    Marc Villiers = Mark Villiers | Gillian Prtichard = Gillian Pritchard | Hary Openshaw = Harry Openshaw
    Charlote Penrose = Charlotte Penrose | Oliver Twisleton = Oliver Twistleton
    Lewis Abernaty = Lewis Abernathy | Zoe Quiller = Zoë Quiller | Renee Duval = Renée Duval
    Emma Hollingworth = Emma Hollingsworth | Dr Winstanley = Rupert Winstanley
    Kathrine Bosworth = Katherine Bosworth | Lynda Ravenscroft = Linda Ravenscroft
    Graham Whittacker = Graham Whittaker | Wendy Alderson = Wendy Anderton-Alderson
    Russel Kirkbride = Russell Kirkbride | Jenifer Lancaster = Jennifer Lancaster
    Ashcroft Philip J. = Phillip Ashcroft""",
    "de": """Jörg Mueller-Lüdenscheid = Jörg Müller-Lüdenscheid | Stephan Grossmann = Stefan Großmann
    Frau Uebelacker = Hedwig Übelacker | Juergen Boehme = Jürgen Böhme | Jurgen Bohme = Jürgen Böhme
    Goetz Schaefers = Götz Schäfers | Katrin Weißgerber = Kathrin Weißgerber
    Weissgerber Kathrin = Kathrin Weißgerber | Matthias Overbeck = Mathias Overbeck
    Philipp Meierhofer = Philip Mayerhofer | Sybille Kretschmar = Sibylle Kretschmer
    Christof Tannhäuser = Christoph Tannhäuser | Kristina Vogelsang = Christina Vogelsang
    Carsten Rodewald = Karsten Rodewald | Thorsten Ihlenfeld = Torsten Ihlenfeld
    Herr Schimmelpfenning = Anton Schimmelpfennig | Günter Strohmayer = Günther Strohmeier
    Ralph Eberhard = Ralf Eberhardt | Detlev Niemöller = Detlef Niemöller
    Hanelore Dreyer = Hannelore Dreier | Dreier, Hannelore = Hannelore Dreier
    Zimmerman Roswitha = Roswitha Zimmermann | Wolfgang von Stetten = Wolfgang Stetten
    Ulrike Stetten = Ulrike von Stetten | Heinz Peter Kaltwasser = Heinz-Peter Kaltwasser
    Anne Kathrin Böttcher = Annekathrin Böttcher | Ludwig Schmid-Rottach = Ludwig Schmidt-Rottach
    Gudrun Lindemann = Gudrun Lindenmann | Friedrich Wihelmi = Friedrich Wilhelmi
    Hartmut Grünewald = Hartmut Gruenewald | Eckart Bruckner = Eckhard Brückner
    Dr. Pfannenstiel = Waltraud Pfannenstiel | Dorothea Lichtenberger = Dorothea Lichtenberg
    Silvia Hausknecht = Sylvia Hausknecht | Jannik Obermayr = Yannick Obermayr
    Lukas Pietsch = Lucas Pietzsch | Merle Aschenbrener = Merle Aschenbrenner
    Benno Zwiebler = Benno Zweibler | Tanja Rosenkrantz = Tanja Rosenkranz
    Gerd Wittkowsky = Gert Wittkowski | Ines Oesterle = Ines Österle""",
    "es": """Maria Garcia Lopez-Ibor = María García López-Ibor | Ximena Arrizabalaga = Jimena Arrizabalaga
    Begona Iturbe = Begoña Iturbe | Ñigo Echeverria = Íñigo Echeverría | Gonsalo Zubiria = Gonzalo Zubiría
    Guillermo Echegaray Ruiz = Guillermo Echegaray | Guillermo Echegaray = Guillermo Echegaray Olmedo
    Olmedo Echegaray = Guillermo Echegaray Olmedo | Jesus Barrenechea = Jesús Barrenechea Soto
    Barrenechea Soto Jesús = Jesús Barrenechea Soto | Helena Valdivieso = Elena Valdivieso
    Estefania Villalobos = Stefania Villalobos | Rocio Cienfuegos = Rocío Cienfuegos
    Sra. Goicoechea = Amparo Goicoechea | Don Leandro Mondragon = Leandro Mondragón
    Victor Belmonte Sanchis = Víctor Belmonte Sanchís | Iban Urrutia = Iván Urrutia
    Monica de la Fuente Rey = Mónica de la Fuente Rey | Monica Fuente Rey = Mónica de la Fuente Rey
    Ernan Cisneros = Hernán Cisneros | Graciela Basterra = Graciela Vasterra
    Yolanda Quintanila = Yolanda Quintanilla | Federico Arguelles = Federico Argüelles
    Martha Bustamante = Marta Bustamante | Esther Zaldivar = Ester Zaldívar
    Nuria Puigdevall = Núria Puigdevall | Joaquin Sorolla Bastida = Joaquín Sorolla
    Xavier Montaner = Javier Montaner Pujol | Rebeca Lizarazu = Rebeca Lizarrazu
    Ines Caballero Utrera = Inés Caballero Utrera | Ignasio Terradas = Ignacio Terradas
    Consuelo Avendano = Consuelo Avendaño | Raul Etxeberria = Raúl Echeberria
    Pilar Alcantara Gil = Pilar Alcántara Gil | Lorena Zuniga = Lorena Zúñiga Prats
    Aitor Mendizabal = Aitor Mendizábal | Gimena Oteiza = Jimena Oteiza
    Bicente Villanueva = Vicente Villanueva Ros | Soledad Burgoz = Soledad Burgos Leal
    Catalina Somosa = Catalina Somoza | Elias Barrientos = Elías Barrientos Coello""",
    "th": """Somchai Jaidee = สมชาย ใจดี | Somchai Chaidi = สมชาย ใจดี | Jaidi Somchay = สมชาย ใจดี
    สมชาย ใจกล้า = Somchai Jaikla | คุณปิยะนุช = ปิยะนุช พึ่งพระเกียรติ | Wichai Thepsuthin = วิชัย เทพสุทิน
    Vichai Tepsutin = วิชัย เทพสุทิน | Suphaporn Kaewsuwan = สุภาพร แก้วสุวรรณ
    Supaporn Keawsuwan = สุภาพร แก้วสุวรรณ | Nattawut Srisawat = ณัฐวุฒิ ศรีสวัสดิ์
    Nuttawut Srisawad = ณัฐวุฒิ ศรีสวัสดิ์ | Prasert Boonlert = ประเสริฐ บุญเลิศ
    Kanokwan Phumjai = กนกวรรณ ภูมิใจ | Pornthip Suwanwong = พรทิพย์ สุวรรณวงศ์
    Phonthip Suvannavong = พรทิพย์ สุวรรณวงศ์ | Jakkrit Intarasombat = จักรกฤษณ์ อินทรสมบัติ
    Thanakorn Maneewong = ธนากร มณีวงศ์ | Tanakon Maneevong = ธนากร มณีวงศ์
    Siriporn Boonyarat = ศิริพร บุญญรัตน์ | ศิริพร เวชกุล = Siriporn Vejkul
    ประยูร ทองสุก = ประยูร ทองสุข | สุรีย์ แซ่โง้ว = Suree Sae-Ngow | Saengow Suri = Suree Sae-Ngow
    Apichart Wongthong = อภิชาติ วงษ์ทอง | Aphichat Vongthong = อภิชาติ วงษ์ทอง
    Malee Chansook = มาลี จันทร์สุข | Manee Thongkam = มณี ทองคำ | Boonmee Sooksan = บุญมี สุขสันต์
    Bunmi Yotrak = Boonmee Yodrak | Chalermchai Poonsap = เฉลิมชัย พูนทรัพย์
    Wanpen Kaewmanee = วันเพ็ญ แก้วมณี | Ratana Ruangsri = รัตนา เรืองศรี
    เจริญ ยิ่งเจริญ = Charoen Yingcharoen | Jaroen Yingjaroen = Charoen Yingcharoen
    Anan Petchdee = อนันต์ เพชรดี | นงลักษณ์ ชูแก้ว = Nonglak Chookaew | Nongluck Chukaew = Nonglak Chookaew
    ธีระพงษ์ ศรีทองคำ = ธีรพงษ์ ศรีทองคำ | Theerapong Sithongkham = ธีรพงษ์ ศรีทองคำ
    Ekachai Sapmunkong = เอกชัย ทรัพย์มั่นคง | ขวัญจัย หอมจันทร์ = ขวัญใจ หอมจันทร์
    Kwanjai Homchan = ขวัญใจ หอมจันทร์ | สายฝน อ่อนละมัย = สายฝน อ่อนละไม""",
}

# Two who are not one, however alike they are called.
OTHERS = {
    "en": """Daniel Weaver = Daniela Weaver | Paul Archer = Paula Archer | John Marsh = Joan Marsh
    Mary Sutton = Mark Sutton | Emma Stone = Emma Storey | Adam Green = Adam Groves
    Grace Hill = Gracie Mills | Robert Lane = Rupert Lane | Anna Price = Hannah Price
    Eric Norton = Erica Norton""",
    "de": """Hans Berger = Hanna Berger | Stefan Kurz = Stefanie Kurz | Christian Wolf = Christiane Wolf
    Martin Vogt = Martina Vogt | Jan Peters = Jana Peters | Heike Braun = Heiko Braun
    Karl Lange = Karla Lange | Ute Busch = Uwe Busch | Anja Haas = Tanja Haas
    Peter Hofer = Petra Hofer""",
    "es": """Mario Castro = María Castro | Julio Vega = Julia Vega | Antonio Rey Díaz = Antonia Rey Díaz
    María García Sánchez = María García López | Luis Prieto = Luisa Prieto
    Juan Mora Gil = Juana Mora Gil | Ángel Ruiz = Ángela Ruiz | Carlos Soto = Carla Soto
    José Díez Lara = José Díez Mora | Manuel Nieto = Manuela Nieto""",
    "th": """สมชาย ใจดี = สมหญิง ใจดี | สมชาย ใจดี = สมชัย ใจดี | สุดา ทองดี = สุดารัตน์ ทองดี
    วิชัย บุญมา = วิชิต บุญมา | Somchai Jaidee = สมศักดิ์ ใจดี | ณัฐพล มีสุข = ณัฐธิดา มีสุข
    พรทิพย์ แสงทอง = พรทิวา แสงทอง | มานพ คงทอง = มานะ คงทอง | ศิริพร สุขใจ = ศิริพงษ์ สุขใจ
    Malee Thongdee = มณี ทองดี""",
}


def pairs(told):
    """The lines of one language, two names each."""
    lines = (line for row in told.splitlines() for line in row.split(" | "))
    return [tuple(part.strip() for part in line.split(" = ")) for line in lines]
