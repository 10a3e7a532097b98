"""Names as people have them: given and family names in four languages, common ones more often."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random

# Somebody's chance to be called by the n-th name of a list is as 1 to n + this: about three in a
# hundred have the first, as with García, Müller or Smith.
FLAT = 12

GIVEN = {
    "en": """James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara
    Richard Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew
    Betty Anthony Margaret Mark Sandra Donald Ashley Steven Kimberly Paul Emily Andrew Donna Joshua
    Michelle Kenneth Carol Kevin Amanda Brian Dorothy George Melissa Timothy Deborah Ronald Stephanie
    Edward Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia Jacob Kathleen Gary Amy Nicholas Angela
    Eric Shirley Jonathan Anna Stephen Brenda Larry Pamela Justin Emma Scott Nicole Brandon Helen
    Benjamin Samantha Samuel Katherine Gregory Christine Alexander Debra Frank Rachel Patrick Carolyn""",
    "de": """Peter Maria Michael Ursula Thomas Monika Andreas Petra Wolfgang Elisabeth Klaus Sabine
    Jürgen Renate Günter Helga Stefan Karin Christian Brigitte Uwe Ingrid Werner Erika Horst Andrea
    Frank Gisela Dieter Claudia Manfred Susanne Gerhard Gabriele Hans Christa Bernd Christine Torsten
    Hildegard Mathias Anna Helmut Birgit Walter Barbara Heinz Gertrud Martin Heike Jörg Marianne Rolf
    Stefanie Jens Martina Sven Angelika Alexander Elke Jan Ute Ralf Anja Rainer Nicole Holger Katrin
    Dirk Kerstin Markus Silke Lukas Jutta Leon Julia Finn Lena Jonas Laura Paul Sophie Felix Lea Max
    Hannah Moritz Käthe Björn Mia Tobias Johanna Florian Clara Sebastian Charlotte""",
    "es": """Antonio María Manuel Carmen José Ana Francisco Isabel David Laura Juan Cristina Javier
    Marta Daniel Josefa Carlos Lucía Jesús Francisca Alejandro Dolores Miguel Antonia Rafael Sara
    Pedro Paula Pablo Elena Ángel Pilar Sergio Raquel Fernando Concepción Jorge Manuela Luis Mercedes
    Alberto Julia Álvaro Beatriz Diego Nuria Adrián Silvia Raúl Rosario Enrique Juana Ramón Teresa
    Vicente Irene Iván Rosa Rubén Encarnación Óscar Montserrat Andrés Patricia Joaquín Andrea Santiago
    Rocío Eduardo Mónica Víctor Alba Mario Ángela Roberto Sofía Jaime Alicia Marcos Marina Ignacio
    Yolanda Hugo Sonia Jordi Inés Alfonso Natalia Ricardo Margarita Salvador Claudia Emilio Eva""",
    "th": """สมชาย สมหญิง สมศักดิ์ สมพร ประเสริฐ มาลี วิชัย สุดา อนันต์ วันเพ็ญ ประสิทธิ์ สุนีย์ บุญมี
    นิภา สุรชัย รัตนา ธนากร พรทิพย์ ณัฐพล กัญญา วีระ อรุณี ชัยวัฒน์ จันทร์เพ็ญ ศักดิ์ชัย ลัดดา
    พิชัย วราภรณ์ สุชาติ ปราณี มานพ ศิริพร ธีรพงษ์ นงลักษณ์ กิตติ สุภาพร อภิชาติ เพ็ญศรี
    ชาญชัย พัชรี สุทธิพงษ์ อัมพร ไพโรจน์ จิราพร วัฒนา ดวงใจ ณรงค์ ทิพวรรณ สันติ ยุพิน
    จักรพงษ์ ปิยะ ธนพล กมลวรรณ ภูมิ ชนิดา ปกรณ์ ณัฐธิดา พงศกร สิริกร ชลธิชา อาทิตย์ กนกวรรณ
    ธวัชชัย สายสุนีย์ ประยุทธ์ อุไรวรรณ สมบัติ บุษบา เอกชัย วิไล ทวี จินตนา มนตรี รุ่งนภา
    วรพจน์ สาวิตรี นพดล พิมพ์ใจ ยุทธนา ขวัญใจ""",
}
FAMILY = {
    "en": """Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin
    Jackson Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green
    Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Phillips Evans Turner Parker Collins
    Edwards Stewart Morris Murphy Cook Rogers Morgan Peterson Cooper Reed Bailey Bell Kelly Howard
    Ward Cox Richardson Wood Watson Brooks Bennett Gray James Hughes Price Myers Long Foster Sanders
    Ross Powell Sullivan Russell Fisher Henderson Cole West Jordan Reynolds Hamilton Graham Wallace
    Woods Griffin Hayes Bryant Ellis Marshall Owens Harrison Kennedy Wells Freeman Webb Simpson
    Stevens Tucker Porter Hunter Hicks Crawford Boyd Mason Kelley Dixon Hunt Palmer Black Stone Fox
    Shaw Holmes Rice Robertson Knight Ferguson Rose Nichols Grant Gibson Armstrong Carroll Perkins""",
    "de": """Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch
    Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange
    Schmitt Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber
    Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther
    Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter
    Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas
    Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt
    Sauer Arnold Wolff Pfeiffer Kraft Kirchner Sander Lindner Ernst Barth Nowak Hübner Götz Reuter""",
    "es": """García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz
    Hernández Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez Ramos Vázquez
    Ramírez Gil Serrano Morales Molina Blanco Suárez Castro Ortega Delgado Ortiz Marín Rubio Núñez
    Medina Sanz Castillo Iglesias Cortés Garrido Santos Guerrero Lozano Cano Cruz Méndez Flores Prieto
    Herrera Peña León Márquez Cabrera Gallego Calvo Vidal Campos Reyes Vega Fuentes Carrasco Díez
    Aguilar Caballero Nieto Santana Vargas Pascual Giménez Herrero Hidalgo Montero Lorenzo Santiago
    Benítez Durán Ibáñez Arias Mora Ferrer Carmona Vicente Rojas Soto Crespo Román Pastor Velasco
    Parra Sáez Moya Bravo Rivera Gallardo Soler Esteban Silva Pardo Rivas Franco Merino Lara Espinosa""",
    "th": """แซ่ตั้ง แซ่ลิ้ม แซ่อึ้ง แซ่โค้ว ใจดี บุญมา ทองดี สุขสวัสดิ์ ศรีสุข จันทร์แก้ว ทองคำ วงศ์สุวรรณ
    พรหมมา แสงทอง สายทอง คำแก้ว อินทร์แก้ว แก้วมณี บุญเรือง ศรีวิชัย ชัยวงศ์ สุวรรณรัตน์ จันทร์หอม
    พงษ์พานิช รัตนพันธ์ ทองสุข มีสุข สุขใจ บุญส่ง ศรีทอง วงษ์ทอง ปัญญาดี อ่อนศรี นาคทอง แสนสุข
    พันธ์ศรี เพชรดี สิงห์ทอง คงทอง ชูศรี ดีมาก เจริญสุข รุ่งเรือง สมบูรณ์ ทรัพย์มาก มั่นคง ยิ่งยืน
    ประเสริฐศรี วัฒนกุล ศิริวัฒน์ ชัยเจริญ พิทักษ์ไทย อมรรัตน์ สุวรรณศรี กาญจนา โพธิ์ทอง บัวแก้ว
    หอมหวาน เกษมสุข ธรรมรักษ์ นิลวงศ์ ปานทอง มณีรัตน์ ยอดแก้ว เรืองศรี วิเศษสุข ศักดิ์สิทธิ์ สง่างาม
    หงษ์ทอง อุดมทรัพย์ เอี่ยมสะอาด ขวัญเมือง จิตรดี ชื่นชม ตันติวงศ์ ถาวรสุข เทพทอง ธนารักษ์ นพรัตน์""",
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def drawn(people: int, *, seed: int) -> list[str]:
    """Full names, a quarter in each language; who is Spanish has two family names."""
    random = Random(seed)  # noqa: S311
    names: list[str] = []
    for place, language in enumerate(GIVEN):
        size = people // len(GIVEN) + (place < people % len(GIVEN))
        parts = [_some(random, GIVEN[language], size)]
        parts += [_some(random, FAMILY[language], size) for _ in range(1 + (language == "es"))]
        names += map(" ".join, zip(*parts, strict=True))
    random.shuffle(names)
    return names


def misspelt(name: str, random: Random) -> str:
    """A name with one slip in its last part: a letter too few, too many, another, or two changed over."""
    *others, last = name.split()
    place = random.randrange(1, max(len(last) - 1, 2))
    slip = random.randrange(4)
    if slip == 0:
        last = last[:place] + last[place + 1 :]
    elif slip == 1:
        last = last[:place] + last[place] + last[place:]
    elif slip == 2 and last.isascii():
        last = last[:place] + random.choice(LETTERS) + last[place + 1 :]
    else:
        last = last[:place] + last[place : place + 2][::-1] + last[place + 2 :]
    return " ".join((*others, last))


def _some(random: Random, told: str, size: int) -> Sequence[str]:
    names = told.split()
    weights = list(accumulate(1 / (place + FLAT) for place in range(len(names))))
    return random.choices(names, cum_weights=weights, k=size)
